package org.layerbook.engine.linux;

import java.util.Locale;

/**
 * Numbers of the system calls used here, from the kernel's tables: {@code arch/x86/entry/syscalls/syscall_64.tbl} and
 * {@code include/uapi/asm-generic/unistd.h} (arm64, riscv64). From 424 on every architecture has the same.
 */
enum SystemCall {
    OPENAT(257, 56),
    CLOSE(3, 57),
    IOCTL(16, 29),
    STATX(332, 291),
    STATFS(137, 43),
    READLINKAT(267, 78),
    MKNODAT(259, 33),
    MKDIRAT(258, 34),
    UNLINKAT(263, 35),
    SYMLINKAT(266, 36),
    LINKAT(265, 37),
    RENAMEAT2(316, 276),
    FCHMODAT(268, 53),
    FCHOWNAT(260, 54),
    UTIMENSAT(280, 88),
    COPY_FILE_RANGE(326, 285),
    SENDFILE(40, 71),
    LSETXATTR(189, 6),
    LGETXATTR(192, 9),
    LLISTXATTR(195, 12),
    LREMOVEXATTR(198, 15),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    KILL(62, 129),
    WAIT4(61, 260),
    PPOLL(271, 73),
    PRCTL(157, 167),
    SCHED_SETSCHEDULER(144, 119),
    RT_SIGACTION(13, 134),
    GETUID(102, 174),
    PRLIMIT64(302, 261),
    UNSHARE(272, 97),
    SETNS(308, 268),
    SOCKET(41, 198),
    CONNECT(42, 203),
    SENDTO(44, 206),
    RECVFROM(45, 207),
    SHUTDOWN(48, 210),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    PIDFD_SEND_SIGNAL(424, 424),
    PIDFD_OPEN(434, 434),
    OPENAT2(437, 437);

    private static final boolean AMD64 = switch (System.getProperty("os.arch")) {
        case "amd64", "x86_64" -> true;
        default -> false;
    };

    private final int amd64;
    private final int generic;

    SystemCall(int amd64, int generic) {
        this.amd64 = amd64;
        this.generic = generic;
    }

    int number() {
        return AMD64 ? amd64 : generic;
    }

    /** As in the manual. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }
}
