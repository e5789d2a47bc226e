package org.layerbook.engine.container.state;

import java.time.Instant;
import java.util.Optional;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;

/**
 * What a container was created with; only its limits and its restart policy can change later.
 *
 * @param imageName the image as it was asked for
 * @param image its ID
 * @param chain the chain ID of its layers; absent for an image without layers
 * @param config the image's, with what the command line has changed; its environment is that of the process but for what every
 *     container has
 */
public record ContainerSpec(
        Instant created,
        String imageName,
        Digest image,
        Optional<Digest> chain,
        ContainerConfig config,
        Terminal terminal,
        HostOptions host) {
    /** The same with other options of the host. */
    public ContainerSpec withHost(HostOptions changed) {
        return new ContainerSpec(created, imageName, image, chain, config, terminal, changed);
    }

    /**
     * How the process's streams are.
     *
     * @param tty whether they are a terminal
     * @param openStdin whether there is standard input
     * @param attached whether somebody was to be attached from the start, {@code docker run} without {@code -d}
     */
    public record Terminal(boolean tty, boolean openStdin, boolean attached) {
        public static final Terminal NONE = new Terminal(false, false, false);
    }
}
