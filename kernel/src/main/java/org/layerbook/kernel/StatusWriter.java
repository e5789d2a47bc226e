package org.layerbook.kernel;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Locale;
import org.dflib.jjava.jupyter.messages.publish.PublishStatus;

/** Writes the message that is sent most, and the first of all, without reflection. */
final class StatusWriter extends TypeAdapter<PublishStatus> {
    @Override
    public void write(JsonWriter out, PublishStatus status) throws IOException {
        out.beginObject()
                .name("execution_state")
                .value(status.getState().name().toLowerCase(Locale.ROOT))
                .endObject();
    }

    @Override
    public PublishStatus read(JsonReader in) {
        throw new UnsupportedOperationException("a kernel only writes this message");
    }
}
