# SPDX-License-Identifier: GPL-2.0-only
#
# Part of the Makefile: how memblock is tested beyond the common ways.

# ---- memblock beyond doubt --------------------------------------------------
# One program of all tests/host/unit/memblock_*_test.c per flavour: compiler and
# with or without nodes, each against mm/memblock*.c and a fake buddy only.
MBSRC	:= $(wildcard mm/memblock*.c mm/reserve_mem.c kernel/lib/*.c tests/host/model/*.c) \
	   $(addprefix tests/host/,ktap.c host_console.c host_phys.c)
MBSRC	:= $(filter-out kernel/lib/string.c,$(MBSRC))
MBTEST	:= $(wildcard tests/host/unit/memblock_*_test.c)
MBFLAGS	:= $(filter-out -DCONFIG_NUMA,$(HFLAGS)) -Wno-missing-field-initializers
MBALL	:= $(foreach c,gcc clang,$(foreach n,numa flat,$(B)/mb/$c-$n/memblock_test))
MBDEFAULT := $(B)/mb/$(HOSTCC)-numa/memblock_test

# $(call mb-flavour,NAME,COMPILER,FLAGS): objects and programs under $(B)/mb/NAME
define mb-flavour
$(B)/mb/$1/%.o: %.c Makefile $(B)/.flags | need-build need-test
	@mkdir -p $$(@D)
	$$(call say,HOSTCC,$$< ($1))
	$$(Q)$2 $(MBFLAGS) $3 -MMD -MP -c $$< -o $$@

$(B)/mb/$1/memblock_test: $(patsubst %.c,$(B)/mb/$1/%.o,$(MBSRC) $(MBTEST))
	$$(call say,HOSTLD,$$@)
	$$(Q)$2 $3 -o $$@ $$^
endef
$(foreach c,gcc clang,$(eval $(call mb-flavour,$c-numa,$c,$(HSAN) -DCONFIG_NUMA)))
$(foreach c,gcc clang,$(eval $(call mb-flavour,$c-flat,$c,$(HSAN))))

check-host: $(MBDEFAULT)
check-host-all: $(MBALL) | check-host ## check-host; memblock's tests in four flavours
	@rm -rf $(B)/test/memblock && $(KTAP) run -j $(JOBS) --log $(B)/test/memblock $(MBALL)
.PHONY: check-host-all
-include $(shell find $(B)/mb -name "*.d" 2>/dev/null)
