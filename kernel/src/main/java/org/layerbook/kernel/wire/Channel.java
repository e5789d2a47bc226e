package org.layerbook.kernel.wire;

/** The sockets of a kernel, named as Jupyter's messaging protocol names them. */
public enum Channel {
    SHELL,
    CONTROL,
    STDIN,
    IOPUB,
    HEARTBEAT
}
