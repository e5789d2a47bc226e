package org.layerbook.engine.container.state;

import java.time.Instant;
import java.util.Optional;

/** What a container is doing. */
public sealed interface ContainerState {
    /** Never started. @param problem why a start failed */
    record Created(Optional<Failure> problem) implements ContainerState {}

    /**
     * @param pid of its first process, as the host numbers it
     * @param restarts how often its restart policy has started it again
     */
    record Running(long pid, Instant started, boolean paused, int restarts, Optional<Health> health)
            implements ContainerState {}

    /** Waiting to be started again by its restart policy. */
    record Restarting(int exitCode, Instant started, Instant finished, int restarts) implements ContainerState {}

    /** @param outOfMemory whether the kernel has killed something in it because of its limit */
    record Exited(int exitCode, Instant started, Instant finished, boolean outOfMemory, Optional<Failure> problem)
            implements ContainerState {}

    /** A start that failed. @param exitCode what docker has for it: 125, 126 or 127 */
    record Failure(int exitCode, String message) {}

    enum Health {
        STARTING,
        HEALTHY,
        UNHEALTHY;

        /** As docker writes it. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** docker's word. */
    default String status() {
        return switch (this) {
            case Created _ -> "created";
            case Running running -> running.paused() ? "paused" : "running";
            case Restarting _ -> "restarting";
            case Exited _ -> "exited";
        };
    }

    default boolean isRunning() {
        return this instanceof Running || this instanceof Restarting;
    }
}
