package org.layerbook.interpreter.report;

import java.util.List;

/** What the practice registry was asked. @param earlier how many requests came before these */
public record RegistryLogReport(List<Request> requests, int earlier) implements Report {
    public RegistryLogReport {
        requests = List.copyOf(requests);
    }

    /**
     * @param time of the day, {@code 14:03:59}
     * @param path with its query
     * @param status of HTTP
     * @param size bytes of the answer
     * @param client what calls itself so
     */
    public record Request(String time, String method, String path, int status, long size, String client) {}
}
