package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.RequestBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.RequestContext;

/** What a sender says of a form, and the form itself, unread, whichever server took it in. */
record Form(String type, long length, InputStream servlet, Object body) implements RequestContext {

    /** Bytes of a part's headers: enough for the longest file name of any system, written in four bytes each. */
    private static final int LONGEST_HEADER = 4096;

    /** One part after the other, straight from the connection. */
    FileItemInputIterator parts() throws IOException {
        Reader reader = new Reader();
        reader.setHeaderCharset(StandardCharsets.UTF_8);
        reader.setMaxPartHeaderSize(LONGEST_HEADER);
        return reader.getItemIterator(this);
    }

    @Override
    public String getCharacterEncoding() {
        return null;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public String getContentType() {
        return type;
    }

    @Override
    public InputStream getInputStream() {
        return RequestBody.stream(servlet, body);
    }

    @Override
    public boolean isMultipartRelated() {
        return false;
    }

    /** The library's reader of forms without what it has for the requests of servlets. */
    private static final class Reader extends AbstractFileUpload<RequestContext, DiskFileItem, DiskFileItemFactory> {

        @Override
        public Map<String, List<DiskFileItem>> parseParameterMap(RequestContext request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<DiskFileItem> parseRequest(RequestContext request) {
            throw new UnsupportedOperationException();
        }
    }
}
