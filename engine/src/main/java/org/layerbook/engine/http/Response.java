package org.layerbook.engine.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The response to a request. To be closed, which drops the connection if the body was not read to its end.
 *
 * @param uri that answered, after redirects
 * @param body fails when it stalls
 */
public record Response(URI uri, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    public OptionalLong length() {
        try {
            return headers.firstValueAsLong("Content-Length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
