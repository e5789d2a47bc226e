package org.layerbook.engine.container;

/**
 * A container as it was found just now.
 *
 * @param id 64 hexadecimal digits
 */
public record Container(String id, String name, ContainerSpec spec, ContainerState state) {
    private static final int SHORT = 12;

    /** As docker shows it. */
    public String shortId() {
        return id.substring(0, SHORT);
    }

    /** What a process in it finds as the name of its machine. */
    public String hostname() {
        return spec.host()
                .hostname()
                .orElse(spec.host().network() instanceof NetworkMode.Host ? hostsOwn() : shortId());
    }

    private static String hostsOwn() {
        return System.getenv().getOrDefault("HOSTNAME", "localhost");
    }
}
