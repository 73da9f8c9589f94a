"""The finder of untranslated words finds them, and nothing else."""

import pytest

from tests.words.outside import Data, outside

DATA = Data.of(
    ["Riverside", "Lena Fischer", "<p>Three benches, <b>two</b> with a back, at the weir.</p>", "done"]
)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Sign in</p>",
        "<p>⟦Welcome⟧ back</p>",
        "<p>⟦From <b>Lena Fischer</b>⟧ and others</p>",
        '<p aria-label="Comments">⟦x⟧</p>',
        '<input type="submit" value="Send">',
        '<input placeholder="Your name">',
        '<img alt="A picture" src="x">',
        '<td data-label="Name">Lena Fischer</td>',
        "<title>News · Riverside</title>",
        '<form data-confirm="Really?"></form>',
        '<meta property="og:title" content="About us">',
        "<button>⟦Yes⟧</button><button>No</button>",
    ],
)
def test_a_word_in_no_catalog_is_found(html: str) -> None:
    assert outside(html, DATA) != []


@pytest.mark.parametrize(
    "html",
    [
        "<p>⟦Sign in⟧</p>",
        '<p>⟦Back to <a href="/x">the proposal</a>.⟧</p>',
        "<h2>⟦Post by <b>somebody</b>⟧</h2>",
        "<p>Lena Fischer, Riverside</p>",
        "<p>Three benches, two with a back, at…</p>",
        "<title>⟦News⟧ · Riverside</title>",
        "<p>@lena@riverside.example · https://riverside.example/x · 12:30 · 50 %</p>",
        '<time title="x">3 May 2026, 18:30 CEST</time>',
        '<button lang="es">Español</button>',
        '<select name="timezone"><option>Europe/Berlin</option></select>',
        "<script>const word = 1</script><svg><title>x</title></svg>",
        '<div class="prose" lang="de"><p>Guten Tag</p></div>',
        '<input type="text" value="typed by somebody">',
    ],
)
def test_what_is_in_brackets_or_somebody_wrote_is_left_alone(html: str) -> None:
    assert outside(html, DATA) == []
