package io.github.videotomp3.job;

import org.bson.types.ObjectId;

/**
 * A key that its sender has given to an upload.
 *
 * @param id of its document; null for an upload without a key
 * @param holder who has taken it for this upload; null if nobody had to
 * @param job what an upload with this key has become before; null if nothing
 */
public record UploadKey(String id, ObjectId holder, Job job) {

    static final UploadKey NONE = new UploadKey(null, null, null);

    /** Whether the upload has been made before. */
    public boolean isKnown() {
        return job != null;
    }

    boolean isHeld() {
        return holder != null;
    }
}
