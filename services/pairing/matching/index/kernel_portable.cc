#define TANDEM_KERNEL portable_kernel
#include "services/pairing/matching/index/kernel.inc"
