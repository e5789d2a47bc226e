package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;

/**
 * What a registry answered. To be closed, which gives the connection up where the body was not read to its end.
 *
 * @param uri that answered, after redirects
 * @param body fails when it stalls
 */
record Answer(URI uri, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    private static final int MOST_OF_AN_ERROR = 64 * 1024;

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    OptionalLong length() {
        try {
            return headers.firstValueAsLong("Content-Length");
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** {@code Docker-Content-Digest}, where it is one. */
    Optional<Digest> digest() {
        try {
            return header("Docker-Content-Digest").map(Digest::parse);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The whole body. */
    byte[] bytes(int most, String what) throws IOException {
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new RegistryException(
                    RegistryException.Kind.REFUSED, what + " is refused: it is larger than " + most + " bytes");
        }
        return bytes;
    }

    /** The registry's own words, {@code code: message} as docker shows them; empty when it has none. */
    String reason() {
        try {
            Json json = Json.parse(body.readNBytes(MOST_OF_AN_ERROR), "error");
            var errors = json.elements("errors");
            if (errors.isEmpty()) {
                return shortened(json.string("message").or(() -> details(json)).orElse(""));
            }
            String code = errors.getFirst().string("code").orElse("").toLowerCase(java.util.Locale.ROOT);
            String message = errors.getFirst().string("message").orElse(code);
            return shortened(code.replace('_', ' ') + ": " + message);
        } catch (IOException e) {
            return "";
        }
    }

    private static Optional<String> details(Json json) {
        try {
            return json.string("details");
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
