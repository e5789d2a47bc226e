package org.layerbook.kernel.wire;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message from a front-end whose signature held.
 *
 * @param identities the ZeroMQ routing frames, which lead the answer back
 * @param header the header's bytes as they came; every answer repeats them as its parent header
 * @param fault why one of its parts cannot be read; such a part is empty here
 * @param receivedNanos when it was read, on the clock of {@link System#nanoTime()}
 */
public record Request(
        Channel channel,
        List<byte[]> identities,
        byte[] header,
        String id,
        String type,
        String session,
        Optional<String> date,
        Optional<String> parentId,
        JsonObject metadata,
        JsonObject content,
        Optional<Fault> fault,
        long receivedNanos) {

    /** Why it cannot be carried out, whatever the kernel's state. */
    public Optional<Fault> whatIsWrong() {
        return fault.or(() -> RequestFields.fault(type, content).map(Fault::malformed));
    }

    /** This without what makes it large, for one that is only to be answered. */
    public Request bare() {
        return new Request(
                channel,
                identities,
                header,
                id,
                type,
                session,
                date,
                parentId,
                metadata,
                new JsonObject(),
                fault,
                receivedNanos);
    }

    public boolean wantsReply() {
        return type.endsWith("_request");
    }

    /** The type of the reply to this request. */
    public String replyType() {
        return wantsReply() ? type.substring(0, type.length() - "_request".length()) + "_reply" : type;
    }

    /** The cell's id, which JupyterLab, Notebook 7 and VS Code send; see the Jupyter enhancement proposal on cell ids. */
    public Optional<String> cellId() {
        return string(metadata, "cellId");
    }

    /** The ids of the cells that were deleted since the last request, as JupyterLab sends them. */
    public List<String> deletedCells() {
        var ids = new ArrayList<String>();
        if (metadata.get("deletedCells") instanceof JsonElement list && list.isJsonArray()) {
            for (JsonElement id : list.getAsJsonArray()) {
                if (id.isJsonPrimitive()) {
                    ids.add(id.getAsString());
                }
            }
        }
        return List.copyOf(ids);
    }

    public static Optional<String> string(JsonObject object, String name) {
        return object.get(name) instanceof JsonElement value && value.isJsonPrimitive()
                ? Optional.of(value.getAsString())
                : Optional.empty();
    }
}
