package org.layerbook.engine.sandbox;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The capabilities of Linux that a container has by default under docker, with the kernel's numbers. */
enum Capability {
    CAP_CHOWN(0),
    CAP_DAC_OVERRIDE(1),
    CAP_FOWNER(3),
    CAP_FSETID(4),
    CAP_KILL(5),
    CAP_SETGID(6),
    CAP_SETUID(7),
    CAP_SETPCAP(8),
    CAP_NET_BIND_SERVICE(10),
    CAP_NET_RAW(13),
    CAP_SYS_CHROOT(18),
    CAP_MKNOD(27),
    CAP_AUDIT_WRITE(29),
    CAP_SETFCAP(31);

    static final Set<Capability> DEFAULT = Collections.unmodifiableSet(EnumSet.allOf(Capability.class));

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
