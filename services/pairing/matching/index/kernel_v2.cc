#define TANDEM_KERNEL v2_kernel
#include "services/pairing/matching/index/kernel.inc"
