using FitFlow.Data;

namespace FitFlow.Identity.Features.Letters;

internal sealed record Letter(string To, string Subject, string Text, string Html);

/// E-mail that goes out if, and only if, the transaction commits: written as a row, sent by whoever comes by next.
internal sealed class Letters(TimeProvider clock)
{
    public Task Post(Transaction tx, Letter letter)
    {
        var now = clock.GetUtcNow();
        return tx.Execute(
            """
            INSERT INTO letters (id, recipient, subject, text_body, html_body, created_at)
            VALUES (@Id, @To, @Subject, @Text, @Html, @Now)
            """, new { Id = Guid.CreateVersion7(now), letter.To, letter.Subject, letter.Text, letter.Html, now });
    }
}
