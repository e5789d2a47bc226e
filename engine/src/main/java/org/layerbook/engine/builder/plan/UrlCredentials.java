package org.layerbook.engine.builder.plan;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** User and password that a URL carries: {@code https://user:password@host/}. */
public final class UrlCredentials {
    private static final Pattern IN_URL = Pattern.compile("([a-zA-Z0-9+.-]+://)([^/?#@]*)@");

    private UrlCredentials() {}

    /** The text with what stands before {@code @} in URLs made unreadable, as BuildKit does; for messages. */
    public static String hidden(String text) {
        Matcher matcher = IN_URL.matcher(text);
        return matcher.replaceAll(
                found -> found.group(1) + (found.group(2).contains(":") ? "xxxxx:xxxxx@" : found.group(2) + "@"));
    }

    /** The value of the header {@code Authorization} that a URL stands for. */
    public static Optional<String> basic(String userInfo) {
        return userInfo == null || userInfo.isEmpty()
                ? Optional.empty()
                : Optional.of("Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8)));
    }
}
