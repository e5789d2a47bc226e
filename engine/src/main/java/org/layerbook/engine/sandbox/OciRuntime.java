package org.layerbook.engine.sandbox;

import java.nio.file.Path;

/**
 * A program that runs OCI bundles, and what of it works on this machine.
 *
 * @param cgroups whether it can make a control group for a container here, which guards the machine's devices from root
 * @param seccomp whether it can filter system calls here
 * @param ownProc whether it can mount a {@code /proc} of the container's own; where that is masked around us, the kernel
 *     refuses it in a user namespace
 */
public record OciRuntime(String name, Path program, String version, boolean cgroups, boolean seccomp, boolean ownProc) {
    @Override
    public String toString() {
        return name + " " + version;
    }
}
