package org.layerbook.engine.store.file;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;

/** What a list shows of an image, from its {@link ImageRecord}. */
record ImageBrief(Digest id, Optional<Instant> created, long size, Optional<Digest> manifest) {
    static ImageBrief parse(String file, byte[] content) throws IOException {
        ImageRecord record = ImageRecord.parse(file, content);
        return new ImageBrief(
                record.id(), record.created(), record.size(), record.manifest().map(Descriptor::digest));
    }

    /** Size, the manifest's digest, the time in seconds and nanoseconds; the latter ones may be empty. */
    static final ShardIndex.Form<ImageBrief> FORM = new ShardIndex.Form<>() {
        @Override
        public String write(ImageBrief one) {
            return String.join(
                    "\t",
                    Long.toString(one.size),
                    one.manifest.map(Digest::toString).orElse(""),
                    one.created
                            .map(time -> time.getEpochSecond() + "\t" + time.getNano())
                            .orElse("\t"));
        }

        @Override
        public ImageBrief read(String name, String[] fields) {
            return new ImageBrief(
                    new Digest("sha256", name),
                    fields[3].isEmpty()
                            ? Optional.empty()
                            : Optional.of(Instant.ofEpochSecond(Long.parseLong(fields[3]), Long.parseLong(fields[4]))),
                    Long.parseLong(fields[1]),
                    fields[2].isEmpty() ? Optional.empty() : Optional.of(Digest.parse(fields[2])));
        }
    };
}
