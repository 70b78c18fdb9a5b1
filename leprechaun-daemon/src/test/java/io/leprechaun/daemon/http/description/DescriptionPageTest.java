package io.leprechaun.daemon.http.description;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page of the shipped document. It is parsed as XML, which it is too, so that an unescaped character shows. */
class DescriptionPageTest {
    /** The columns of a usual terminal. */
    private static final int COLUMNS = 80;

    private static JsonNode document() {
        return JsonMapper.shared().readTree(Description.at(Description.DOCUMENT));
    }

    private static Document page(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        html.replace("<!DOCTYPE html>\n", "").getBytes("UTF-8")));
    }

    private static Document page() throws Exception {
        return page(new String(Description.at(Description.PAGE), "UTF-8"));
    }

    private static List<Element> elements(Document page, String name) {
        var found = page.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    private static List<String> texts(Document page, String name) {
        return elements(page, name).stream().map(Element::getTextContent).toList();
    }

    @Test
    void has_each_route_type_and_status() throws Exception {
        var page = page();
        var expected = new ArrayList<String>();
        document()
                .path("paths")
                .forEachEntry((path, methods) ->
                        methods.forEachEntry((method, operation) -> expected.add(method.toUpperCase() + " " + path)));
        document().at("/components/schemas").forEachEntry((name, type) -> expected.add(name));

        assertThat(texts(page, "h3")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(texts(page, "dt")).contains("404", "args", "200 application/json");
    }

    @Test
    void has_no_script_no_style_and_nothing_from_elsewhere() throws Exception {
        var page = page();
        for (Element element : elements(page, "*")) {
            assertThat(element.getTagName()).isNotIn("script", "style", "link", "img", "iframe", "form", "base");
            for (int i = 0; i < element.getAttributes().getLength(); i++) {
                assertThat(element.getAttributes().item(i).getNodeName())
                        .isIn("lang", "charset", "name", "content", "href", "id");
            }
        }
        var ids = elements(page, "*").stream()
                .map(element -> element.getAttribute("id"))
                .toList();
        assertThat(elements(page, "a")).isNotEmpty().allSatisfy(link -> {
            String target = link.getAttribute("href");
            if (target.startsWith("#")) {
                assertThat(ids).contains(target.substring(1));
            } else {
                assertThat(target).isEqualTo(Description.DOCUMENT);
            }
        });
        assertThat(ids.stream().filter(id -> !id.isEmpty())).doesNotHaveDuplicates();
    }

    /** Only `pre` keeps lines from being wrapped, and only a long word cannot be. */
    @Test
    void all_lines_wrap_at_the_width_of_a_terminal() throws Exception {
        var page = page();
        assertThat(elements(page, "pre")).isEmpty();
        assertThat(elements(page, "table")).isEmpty();
        assertThat(Stream.of(page.getDocumentElement().getTextContent().split("\\s+")))
                .allSatisfy(word -> assertThat(word).hasSizeLessThanOrEqualTo(COLUMNS));
    }

    @Test
    void what_the_document_says_is_never_read_as_html() throws Exception {
        String hostile = "<script>alert('x')</script> & `<b>` \"quoted\"";
        var document = JsonMapper.shared().createObjectNode();
        document.putObject("info").put("title", hostile).put("description", hostile);
        var operation = document.putObject("paths").putObject("/x/" + hostile).putObject("get");
        operation
                .put("operationId", "x")
                .put("summary", hostile)
                .putArray("tags")
                .add("x");
        operation
                .putObject("responses")
                .putObject("200")
                .putObject("content")
                .putObject("text/plain")
                .putObject("examples")
                .putObject(hostile)
                .put("value", hostile);
        document.putArray("tags").addObject().put("name", "x").put("description", hostile);

        var page = page(new DescriptionPage(document).html());

        assertThat(elements(page, "script")).isEmpty();
        assertThat(elements(page, "b")).isEmpty();
        assertThat(page.getDocumentElement().getTextContent()).contains(hostile.replace("`", ""));
    }
}
