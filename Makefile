# SPDX-License-Identifier: GPL-2.0-only
#
# Daybreak: one non-recursive Makefile.  `make help` lists the targets.

MAKEFLAGS += -rR
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

-include config.mk

O	?= build
B	:= $(O)
V	?= 0
Q	:= $(if $(filter 1,$(V)),,@)
say	= $(if $(filter 1,$(V)),@:,@printf '  %-7s %s\n' '$(1)' '$(2)')

CC	?= gcc
ifeq ($(origin CC),default)
CC	:= gcc
endif
HOSTCC	?= gcc
LD	:= ld
NM	:= nm
NASM	:= nasm
PYTHON	?= python3

# ---- kernel -----------------------------------------------------------------
WARN	:= -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes -Wstrict-prototypes \
	   -Wvla -Werror=implicit-function-declaration
DEFS	:= -DCONFIG_NUMA -DCONFIG_PHYS_ADDR_T_64BIT $(if $(MUTATION),-DMUTATION=$(MUTATION))
CFLAGS	:= -std=gnu11 -O2 -g -ffreestanding -mno-red-zone -mgeneral-regs-only -mcmodel=kernel \
	   -fno-pic -fno-pie -fno-omit-frame-pointer -fno-stack-protector -fcf-protection=none \
	   -fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common $(WARN) $(DEFS) \
	   -I. -Iarch/x86_64/include
LDFLAGS	:= -nostdlib -static -z max-page-size=0x1000 -z noexecstack --build-id=none \
	   --no-warn-rwx-segments

KSRC	:= $(wildcard boot/*.c kernel/*.c kernel/lib/*.c mm/*.c arch/x86_64/*.c tests/kernel/*.c)
KASM	:= $(wildcard boot/*.asm arch/x86_64/*.asm)
KOBJ	:= $(KSRC:%.c=$(B)/k/%.o) $(KASM:%.asm=$(B)/k/%.asm.o)

all: $(B)/kernel.elf ## build the kernel

$(B)/k/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

$(B)/k/%.asm.o: %.asm Makefile
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)$(NASM) -f elf64 -g -F dwarf -I. -MD $(@:.o=.d) -o $@ $<

# Symbols are embedded in two passes; scripts/ksyms writes the table (see its head).
$(B)/kernel.elf: $(KOBJ) linker.ld scripts/ksyms
	$(call say,LD,$@)
	$(Q)$(PYTHON) scripts/ksyms --empty $(B)/ksyms0.c && \
		$(CC) $(CFLAGS) -c $(B)/ksyms0.c -o $(B)/ksyms0.o && \
		$(LD) $(LDFLAGS) -T linker.ld -o $(B)/kernel.pass1 $(KOBJ) $(B)/ksyms0.o && \
		$(PYTHON) scripts/ksyms $(B)/kernel.pass1 $(B)/ksyms1.c && \
		$(CC) $(CFLAGS) -c $(B)/ksyms1.c -o $(B)/ksyms1.o && \
		$(LD) $(LDFLAGS) -T linker.ld -o $@ $(KOBJ) $(B)/ksyms1.o

# ---- host tests -------------------------------------------------------------
# tests/host/unit/*_test.c is one program each, linked against an archive of
# every hostable source, so the linker takes what the test names.
HSAN	:= -fsanitize=address,undefined -fno-sanitize-recover=all
HFLAGS	:= -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-common $(WARN) $(DEFS) -DDAYBREAK_HOST \
	   -I. -Itests/host/include
HSRC	:= $(filter-out kernel/lib/string.c,$(wildcard boot/*.c kernel/lib/*.c mm/*.c)) \
	   $(wildcard $(addprefix arch/x86_64/,e820.c efi_map.c acpi.c srat.c paging.c setup.c)) \
	   $(wildcard tests/host/*.c)
HTEST	:= $(wildcard tests/host/unit/*_test.c)
HBIN	:= $(HTEST:tests/host/unit/%_test.c=$(B)/h/%_test)

$(B)/h/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)
	$(Q)$(HOSTCC) $(HFLAGS) $(HSAN) -MMD -MP -c $< -o $@

$(B)/h/libdaybreak.a: $(HSRC:%.c=$(B)/h/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/h/%_test: $(B)/h/tests/host/unit/%_test.o $(B)/h/libdaybreak.a
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) $(HSAN) -o $@ $^

check-host: $(HBIN) ## host unit tests (KTAP), ASan + UBSan
	@set -e; for t in $(HBIN); do $$t; done

clean: ## remove build/
	rm -rf $(B)

help: ## list targets
	@sed -n 's/^\([a-z_.-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 24

-include $(shell find $(B) -name '*.d' 2>/dev/null)
.PHONY: all check-host clean help
.SECONDARY:
