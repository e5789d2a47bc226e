package org.layerbook.kernel;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import org.dflib.jjava.jupyter.kernel.HelpLink;
import org.dflib.jjava.jupyter.kernel.LanguageInfo;
import org.dflib.jjava.jupyter.messages.reply.KernelInfoReply;

/** What this kernel says of itself. */
final class KernelInfo extends KernelInfoReply {
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

    /**
     * Writes the reply that a starting front-end waits for: without reflection, and with the list of features that the
     * library leaves out.
     */
    static final class Writer extends TypeAdapter<KernelInfo> {
        @Override
        public void write(JsonWriter out, KernelInfo info) throws IOException {
            out.beginObject();
            out.name("protocol_version").value(info.getProtocolVersion());
            out.name("implementation").value(info.getImplementationName());
            out.name("implementation_version").value(info.getImplementationVersion());
            out.name("banner").value(info.getBanner());
            LanguageInfo language = info.getLangInfo();
            out.name("language_info").beginObject();
            out.name("name").value(language.getName());
            out.name("version").value(language.getVersion());
            out.name("mimetype").value(language.getMimetype());
            out.name("file_extension").value(language.getFileExtension());
            out.name("pygments_lexer").value(language.getPygmentsLexer());
            out.name("codemirror_mode").value(String.valueOf(language.getCodemirrorMode()));
            out.endObject();
            out.name("help_links").beginArray();
            for (HelpLink link : info.getHelpLinks()) {
                out.beginObject().name("text").value(link.getText());
                out.name("url").value(link.getUrl()).endObject();
            }
            out.endArray();
            // Neither a debugger nor subshells, the two features that the protocol names.
            out.name("supported_features").beginArray().endArray();
            out.endObject();
        }

        @Override
        public KernelInfo read(JsonReader in) {
            throw new UnsupportedOperationException("a kernel only writes this message");
        }
    }
}
