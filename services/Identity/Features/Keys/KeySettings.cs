namespace FitFlow.Identity.Features.Keys;

/// When keys come and go (section `Keys`). The defaults are meant to stay: tests are in more of a hurry.
internal sealed class KeySettings
{
    /// How long a key signs before the next is made.
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(30);

    /// How long a key is published before it signs: longer than anybody keeps the published set without reading it anew (5 min, and a replica's minute).
    public TimeSpan PublishedBefore { get; set; } = TimeSpan.FromMinutes(15);

    /// How long a key stays published once the next one signs: its last token has expired by then (15 min, and what clocks differ by).
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromMinutes(30);
}
