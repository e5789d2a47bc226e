package org.layerbook.engine.registry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.registry.protocol.Credentials;
import org.layerbook.engine.registry.protocol.RegistryException;

/**
 * A program {@code docker-credential-NAME} that keeps passwords, by the protocol of docker-credential-helpers: a verb as
 * its argument, JSON through its streams. It runs as the user; secrets never are on its command line.
 */
final class CredentialHelper {
    private static final String TOKEN_USER = "<token>";
    private static final String NOT_FOUND = "credentials not found";

    private final String name;
    private final HostCommands host;

    CredentialHelper(String name, HostCommands host) {
        this.name = name;
        this.host = host;
    }

    Optional<Credentials> get(String server) throws IOException {
        Answer answer = run("get", server);
        if (answer.status != 0) {
            if (answer.out.contains(NOT_FOUND)) {
                return Optional.empty();
            }
            throw failed("get", answer);
        }
        Json json = Json.parse(answer.out.getBytes(StandardCharsets.UTF_8), "answer of docker-credential-" + name);
        String user = json.string("Username").orElse("");
        Optional<String> secret = json.string("Secret");
        boolean token = user.equals(TOKEN_USER);
        return secret.map(s -> new Credentials(token ? "" : user, s, token));
    }

    void store(String server, Credentials credentials) throws IOException {
        byte[] input = GoJson.object(json -> json.string("ServerURL", server)
                .string("Username", credentials.identityToken() ? TOKEN_USER : credentials.username())
                .string("Secret", credentials.secret()));
        Answer answer = run("store", new String(input, StandardCharsets.UTF_8));
        if (answer.status != 0) {
            throw failed("store", answer);
        }
    }

    void erase(String server) throws IOException {
        Answer answer = run("erase", server);
        if (answer.status != 0 && !answer.out.contains(NOT_FOUND)) {
            throw failed("erase", answer);
        }
    }

    private record Answer(int status, String out) {}

    private Answer run(String verb, String input) throws IOException {
        var out = new ByteArrayOutputStream();
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        var command = new HostCommand(List.of("docker-credential-" + name, verb), Path.of("/"), host.environment());
        // What it writes on standard error may be anything, a secret too: it is not shown.
        ExitStatus status = host.run(command, new ProcessIo(in, out, new ByteArrayOutputStream()), new Cancellation());
        return new Answer(status.code(), out.toString(StandardCharsets.UTF_8));
    }

    private RegistryException failed(String verb, Answer answer) {
        String why = answer.status == 127 ? "executable file not found in $PATH" : "exit status " + answer.status;
        return new RegistryException(
                RegistryException.Kind.UNAUTHORIZED,
                "the credential helper docker-credential-" + name + " failed to " + verb + " credentials: " + why
                        + "; it is configured in ~/.docker/config.json");
    }
}
