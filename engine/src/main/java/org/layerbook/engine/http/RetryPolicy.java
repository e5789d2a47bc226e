package org.layerbook.engine.http;

import java.time.Duration;

/**
 * How long to wait for a server, and how often to try again.
 *
 * @param attempts requests in all, at least 1
 * @param firstDelay before the second attempt; doubled for each further one
 * @param longestDelay the most that is waited between two attempts, even if the server asks for more
 * @param connect for a connection
 * @param answer for the head of an answer
 * @param stall a body is given up that brings less than {@value #LEAST_BYTES} bytes in such a time
 */
public record RetryPolicy(
        int attempts, Duration firstDelay, Duration longestDelay, Duration connect, Duration answer, Duration stall) {
    static final long LEAST_BYTES = 16 * 1024;

    public static final RetryPolicy DEFAULT = new RetryPolicy(
            5,
            Duration.ofMillis(300),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20));

    /** Before attempt {@code number} (2 is the first one that waits). */
    public Duration delay(int number) {
        Duration delay = firstDelay.multipliedBy(1L << Math.min(number - 2, 16));
        return delay.compareTo(longestDelay) > 0 ? longestDelay : delay;
    }
}
