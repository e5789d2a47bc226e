package org.layerbook.engine.registry.protocol;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;

/** What the distribution API says in its responses. */
public final class Responses {
    private static final int MOST_OF_AN_ERROR = 64 * 1024;

    private Responses() {}

    /** {@code Docker-Content-Digest}, where it is one. */
    static Optional<Digest> digest(Response response) {
        try {
            return response.header("Docker-Content-Digest").map(Digest::parse);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The whole body.
     *
     * @param what it is, for the error when it is longer than {@code most} bytes
     */
    static byte[] bytes(Response response, int most, String what) throws IOException {
        byte[] bytes = response.body().readNBytes(most + 1);
        if (bytes.length > most) {
            throw new RegistryException(RegistryException.Kind.REFUSED, what + " is larger than " + most + " bytes");
        }
        return bytes;
    }

    /** The registry's own words, {@code code: message} as docker shows them; empty when it has none. */
    static String reason(Response response) {
        try {
            Json json = Json.parse(response.body().readNBytes(MOST_OF_AN_ERROR), "error");
            var errors = json.elements("errors");
            if (errors.isEmpty()) {
                return shortened(json.string("message").or(() -> details(json)).orElse(""));
            }
            String code = errors.getFirst().string("code").orElse("").toLowerCase(Locale.ROOT);
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
}
