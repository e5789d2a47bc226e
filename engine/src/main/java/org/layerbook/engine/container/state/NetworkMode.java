package org.layerbook.engine.container.state;

/** Which network a container is in; {@link #text} is docker's word for it. */
public sealed interface NetworkMode {
    NetworkMode DEFAULT = new Default();

    String text();

    static NetworkMode parse(String text) {
        return switch (text) {
            case "", "default" -> DEFAULT;
            case "host" -> new Host();
            case "none" -> new None();
            default ->
                text.startsWith("container:")
                        ? new OfContainer(text.substring("container:".length()))
                        : new Named(text);
        };
    }

    /** The bridge that every container without another network is in. */
    record Default() implements NetworkMode {
        @Override
        public String text() {
            return "default";
        }
    }

    record Host() implements NetworkMode {
        @Override
        public String text() {
            return "host";
        }
    }

    /** Only loopback. */
    record None() implements NetworkMode {
        @Override
        public String text() {
            return "none";
        }
    }

    /** The network namespace of another container. */
    record OfContainer(String container) implements NetworkMode {
        @Override
        public String text() {
            return "container:" + container;
        }
    }

    record Named(String name) implements NetworkMode {
        @Override
        public String text() {
            return name;
        }
    }
}
