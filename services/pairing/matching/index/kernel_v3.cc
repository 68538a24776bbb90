#define TANDEM_KERNEL v3_kernel
#include "services/pairing/matching/index/kernel.inc"
