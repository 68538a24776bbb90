#define TANDEM_KERNEL vbmi_kernel
#include "services/pairing/matching/index/kernel.inc"
