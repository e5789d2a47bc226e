package org.layerbook.kernel;

import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import org.dflib.jjava.jupyter.kernel.HelpLink;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.messages.reply.KernelInfoReply;

/** What this kernel says of itself. */
final class KernelInfo extends KernelInfoReply {
    /** Neither a debugger nor subshells, the two features that the protocol names. */
    @SerializedName("supported_features")
    @SuppressWarnings("unused") // read by Gson
    private final List<String> supportedFeatures = List.of();

    KernelInfo(String version) {
        super(
                Codec.PROTOCOL_VERSION,
                "layerbook",
                version,
                new LanguageInfo("dockerfile", "1", "text/x-dockerfile", ".dockerfile", "docker", "dockerfile", null),
                "Layerbook " + version
                        + ": each cell builds an image layer. RUN? explains an instruction, %lsmagic lists"
                        + " the magics.",
                List.of(
                        new HelpLink("Dockerfile reference", "https://docs.docker.com/reference/dockerfile/"),
                        new HelpLink("docker commands", "https://docs.docker.com/reference/cli/docker/")));
    }

    /** The version of this build. */
    static String version() {
        try (InputStream in = KernelInfo.class.getResourceAsStream("kernel.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new IllegalStateException("the kernel's own properties cannot be read", e);
        }
    }
}
