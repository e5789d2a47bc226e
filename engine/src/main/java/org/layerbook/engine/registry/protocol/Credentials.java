package org.layerbook.engine.registry.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a registry is told about who asks.
 *
 * @param username empty together with an identity token
 * @param secret the password, or the identity token
 * @param identityToken whether {@code secret} is an OAuth2 refresh token, to be exchanged at the token server
 */
public record Credentials(String username, String secret, boolean identityToken) {
    public static Credentials password(String username, String password) {
        return new Credentials(username, password, false);
    }

    /** The value of an {@code Authorization} header. */
    public String basic() {
        return "Basic "
                + Base64.getEncoder().encodeToString((username + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** Without the secret: this may end up in a message. */
    @Override
    public String toString() {
        return "Credentials[" + username + ", ****]";
    }
}
