package org.layerbook.engine.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a container has that a build's process has not.
 *
 * @param terminal whether its streams are a terminal
 * @param networkNamespace a file that names it; absent for what the {@link ProcessSpec} says
 * @param addedCapabilities {@code CAP_NET_ADMIN}, or {@code ALL}
 * @param privileged nothing is hidden or filtered
 * @param seccomp whether system calls are filtered at all
 * @param hostProcesses whether it sees the processes around it
 * @param init a program that becomes its first process and hands signals on; absent for none
 * @param etc a folder with {@code hosts}, {@code hostname} and {@code resolv.conf}, which the container may write to; absent for
 *     those of a build
 */
public record BundleOptions(
        boolean terminal,
        Optional<Path> networkNamespace,
        List<String> addedCapabilities,
        List<String> droppedCapabilities,
        boolean privileged,
        boolean seccomp,
        boolean noNewPrivileges,
        boolean hostProcesses,
        boolean hostIpc,
        Optional<Path> init,
        Optional<Path> etc,
        Cgroup cgroup) {
    public static final BundleOptions OF_BUILD = new BundleOptions(
            false,
            Optional.empty(),
            List.of(),
            List.of(),
            false,
            true,
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Cgroup.UNLIMITED);

    /** Limits of a control group; 0 for none. @param memorySwapBytes memory and swap together; -1 for no limit */
    public record Cgroup(long memoryBytes, long memorySwapBytes, long nanoCpus, long pids) {
        public static final Cgroup UNLIMITED = new Cgroup(0, 0, 0, 0);
    }
}
