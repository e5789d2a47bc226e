package org.layerbook.engine.registry.protocol;

import java.io.IOException;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;

/**
 * Turns error responses of one repository into exceptions, in docker's words where docker has some.
 *
 * @param host the name of the registry, as in image references
 * @param path the repository within the registry
 */
public record RepositoryErrors(String host, String path) {
    RegistryException notFound(String reference, Response answer) throws IOException {
        String reason = Responses.reason(answer);
        return switch (answer.status()) {
            case 404 ->
                new RegistryException(
                        Kind.NOT_FOUND,
                        reason.startsWith("name unknown")
                                ? denied(reason)
                                : "manifest for " + shown(reference) + " not found: "
                                        + (reason.isEmpty() ? "manifest unknown" : reason));
            case 403 -> new RegistryException(Kind.DENIED, denied(reason));
            default -> unexpected("the manifest " + reference, answer.status(), reason);
        };
    }

    private String denied(String reason) {
        return "pull access denied for " + familiarPath() + ", repository does not exist or may require 'docker login'"
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    private String shown(String reference) {
        return familiarPath() + (reference.contains(":") ? "@" : ":") + reference;
    }

    private String familiarPath() {
        if (!host.equals("docker.io")) {
            return host + "/" + path;
        }
        return path.startsWith("library/") ? path.substring("library/".length()) : path;
    }

    RegistryException unexpected(String what, int status, String reason) {
        Kind kind = status == 403 ? Kind.DENIED : status >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
        return new RegistryException(
                kind,
                host + " returned HTTP status " + status + " for " + what + (reason.isEmpty() ? "" : ": " + reason));
    }

    RegistryException pushDenied(Response answer) {
        String reason = Responses.reason(answer);
        if (answer.status() == 403 || answer.status() == 404 && reason.startsWith("name unknown")) {
            return new RegistryException(
                    Kind.DENIED, reason.isEmpty() ? "denied: requested access to the resource is denied" : reason);
        }
        return unexpected("the upload to " + path, answer.status(), reason);
    }
}
