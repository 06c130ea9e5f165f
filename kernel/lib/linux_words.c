// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words of the command line that Linux 6.12 knows and that mean nothing here (see
 * params_internal.h).  Gathered by booting Debian's kernel with each and reading which it calls
 * unknown.  What else it knows is not here yet; it costs a place in that line, no more.
 */
#include "kernel/lib/params_internal.h"

#include "kernel/lib/init.h"
#include "kernel/lib/params.h"
#include "kernel/lib/string.h"

/* Sorted, with _ for -, a blank behind each. */
static const char linux_words[] __initdata =
	"acpi_apic_instance acpi_backlight acpi_enforce_resources acpi_osi acpi_rsdp "
	"acpi_sleep add_efi_memmap agp alloc_snapshot amd_iommu amd_pstate apic apparmor "
	"audit boot_delay cgroup_disable cgroup_no_v1 clearcpuid clocksource "
	"console_msg_format cpu_init_udelay crash_kexec_post_notifiers "
	"deferred_probe_timeout delayacct disable_mtrr_cleanup disable_mtrr_trim "
	"early_ioremap_debug earlycon efi_no_storage_paranoia elevator enable_mtrr_cleanup "
	"fbcon ftrace fw_devlink gart_fix_e820 gather_data_sampling hardened_usercopy "
	"hashdist hest_disable hibernate hpet hugetlb_free_vmemmap hv_nopvspin idle "
	"ignore_rlimit_data init initcall_debug initramfs_async integrity_audit intel_iommu "
	"intel_pstate io_delay iomem iommu irqpoll keep_bootcon kprobe_event l1tf lpj lsm "
	"mce mds mem_sleep_default memhp_default_state mhash_entries mitigations "
	"mminit_loglevel mmio_stale_data mphash_entries mtrr mtrr_chunk_size mtrr_gran_size "
	"nmi_watchdog no_console_suspend no_hash_pointers no_kvmapf no_kvmclock no_steal_acc "
	"no_timer_check noapic noapictimer noefi noexec32 nofsgsbase nohibernate nohpet nohz "
	"noinitrd noirqdebug nolapic nomce nomodeset nopat nopti nopv nopvspin noreplace_smp "
	"noresume nosgx nosmt nosoftlockup nospectre_v1 notsc nowatchdog nox2apic "
	"numa_balancing oops panic_on_warn pci pcie_aspm pcie_ports percpu_alloc "
	"pnpacpi preempt psi pti randomize_kstack_offset rcu_nocbs rdinit "
	"reboot relax_domain_level resume resume_offset retbleed ro root rootdelay rootflags "
	"rootfstype rootwait rw sched_verbose security skew_tick slab_max_order slab_nomerge "
	"slub_debug slub_max_order slub_min_objects srbds stack_depot_disable stacktrace "
	"swapaccount swiotlb thash_entries threadirqs tp_printk trace_buf_size trace_event "
	"transparent_hugepage tsc uhash_entries unwind_debug update_mptable userpte vdso "
	"video vsyscall x2apic_phys xen_emul_unplug xen_nopv ";

bool __init linux_knows_word(const char *name)
{
	const size_t len = strlen(name);
	size_t n;

	for (const char *word = linux_words; *word; word += n + 1) {
		n = (size_t)(strchr(word, ' ') - word);
		if (n == len && parameqn(name, word, n))
			return true;
	}
	return false;
}
