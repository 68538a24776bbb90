#define TANDEM_KERNEL v4_kernel
#include "services/pairing/matching/index/kernel.inc"
