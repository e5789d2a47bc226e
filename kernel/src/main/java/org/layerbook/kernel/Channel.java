package org.layerbook.kernel;

/** The sockets of a kernel, named as Jupyter's messaging protocol names them. */
enum Channel {
    SHELL,
    CONTROL,
    STDIN,
    IOPUB,
    HEARTBEAT
}
