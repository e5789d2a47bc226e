package org.layerbook.engine.container.state;

import java.io.IOException;

/** Something that cannot be done with a container. The message is docker's sentence where it has one. */
public final class ContainerException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What kind of problem it is. */
    public enum Kind {
        /** There is no such container, volume or network. */
        MISSING,
        /** It is not in a state in which this can be done, or a name is taken. */
        CONFLICT,
        /** What was asked for makes no sense. */
        INVALID,
        /** The process could not be started; the exit status is docker's. */
        NOT_STARTED,
        /** The host does not allow it. */
        SYSTEM
    }

    private final int exitCode;

    public ContainerException(Kind kind, String message) {
        this(kind, message, 1);
    }

    /** @param exitCode what {@code docker run} ends with: 125, 126 or 127 */
    public ContainerException(Kind kind, String message, int exitCode) {
        super(message);
        this.kind = kind;
        this.exitCode = exitCode;
    }

    public Kind kind() {
        return kind;
    }

    public int exitCode() {
        return exitCode;
    }

    static ContainerException missing(String name) {
        return new ContainerException(Kind.MISSING, "No such container: " + name);
    }

    public static ContainerException notRunning(Container container) {
        return new ContainerException(Kind.CONFLICT, "container " + container.id() + " is not running");
    }
}
