package org.layerbook.engine.builder.plan;

import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.PlatformName;
import org.layerbook.engine.oci.Platform;

/**
 * A FROM with its variables expanded.
 *
 * @param base stage, image or {@code scratch}
 * @param platform of {@code --platform}
 */
public record FromPlan(String base, Optional<Platform> platform) {
    public static final String SCRATCH = "scratch";

    /** @param globals what FROM may use: ARGs before it and the automatic ones */
    public static FromPlan of(Instruction.From from, Environment globals, BuildSettings settings)
            throws DockerfileException {
        var words = new Words(globals, from);
        if (settings.namedImages().containsKey(from.image())) {
            return new FromPlan(from.image(), platform(from, globals));
        }
        String base = words.word(from.image());
        if (base.isEmpty()) {
            throw new DockerfileException(new Diagnostic(
                    from.origin().range(),
                    "base name (" + from.image() + ") should not be blank",
                    from.image().contains("$")
                            ? Optional.of("set a default with ARG before FROM, or pass a value with --build-arg")
                            : Optional.empty()));
        }
        return new FromPlan(base, platform(from, globals));
    }

    private static Optional<Platform> platform(Instruction.From from, Environment globals) throws DockerfileException {
        if (from.platform().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(PlatformName.of(from, from.platform().get(), globals.variables()));
    }
}
