package org.layerbook.engine.dockerfile;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;
import org.layerbook.engine.golang.Suggestion;
import org.layerbook.engine.oci.Platform;

/** The {@code --platform} of a FROM. */
public final class PlatformName {
    private PlatformName() {}

    /**
     * The platform that a FROM names, variables expanded.
     *
     * @param written the value of {@code --platform}
     * @param globals the variables that a FROM may use
     * @throws DockerfileException with BuildKit's sentence, when it is empty or no platform
     */
    public static Platform of(Instruction.From from, String written, Map<String, String> globals)
            throws DockerfileException {
        WordExpander.Expansion expanded;
        try {
            expanded = new WordExpander(from.origin().escape()).expand(written, WordExpander.Variables.of(globals));
        } catch (ExpansionException e) {
            throw new DockerfileException(Diagnostic.of(
                    from.origin().range(), "failed to process arguments for platform : " + e.getMessage()));
        }
        String platform = expanded.word();
        if (platform.isEmpty()) {
            String hint = "declare the variable above the first FROM, or use $BUILDPLATFORM or $TARGETPLATFORM";
            throw refused(from, "empty platform value from expression " + written, hint, expanded, globals);
        }
        try {
            return Platform.parse(platform);
        } catch (IllegalArgumentException e) {
            String message = "failed to parse platform " + written + ": " + e.getMessage();
            throw refused(from, message, "use a platform such as linux/amd64 or linux/arm64/v8", expanded, globals);
        }
    }

    private static DockerfileException refused(
            Instruction.From from,
            String message,
            String hint,
            WordExpander.Expansion expanded,
            Map<String, String> globals) {
        String suggesting = expanded.undefined().stream()
                .map(name -> Suggestion.addTo(message, name, new TreeSet<>(globals.keySet()), true))
                .filter(text -> !text.equals(message))
                .findFirst()
                .orElse(message);
        return new DockerfileException(new Diagnostic(from.origin().range(), suggesting, Optional.of(hint)));
    }
}
