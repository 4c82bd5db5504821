package io.github.videotomp3.gateway;

import io.github.videotomp3.camel.RequestBody;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.Headers;

/** What programs read to know this API: {@code docs/api.yaml}, which the build puts beside this class. */
public final class OpenApi {

    private final Resource description = Resource.of("api.yaml", "application/yaml"); // RFC 9512

    /**
     * The description, or nothing if the caller has it already.
     *
     * @param request the body of the request, which is empty
     */
    public byte[] describe(
            @Body Object request, @Header("If-None-Match") String ifNoneMatch, @Headers Map<String, Object> headers) {
        RequestBody.prepareAnswer(request);
        return description.answer(ifNoneMatch, headers);
    }
}
