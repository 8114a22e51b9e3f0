using System.Text.Json;
using System.Threading.Channels;
using FitFlow.Data;
using FitFlow.Data.Encryption;

namespace FitFlow.Identity.Features.Letters;

/// E-mail that goes out if, and only if, the transaction commits: written as a row, sent by whoever comes by next.
internal sealed class Letters(Db db, FieldEncryption encryption, TimeProvider clock)
{
    public const string Field = "letters.content";

    /// Letters belong to no person: some go to people who have no account. Their common secret stands among the persons' under this id.
    private static readonly Guid Owner = new("1e77e250-5ea1-7000-8000-000000000001");

    private readonly Channel<bool> _posted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile PersonFields? _fields;

    /// With `goesOut` false it takes as long and sends nothing: for answers that must not show, by their time either, whether there was a reason to write.
    public async Task Post(Transaction tx, Letter letter, bool goesOut = true)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var content = (await Fields(tx.CancellationToken)).Encrypt(Field, id, JsonSerializer.Serialize(letter));
        await tx.Execute(
            """
            INSERT INTO letters (id, content, created_at, due_at, attempts, sent_at)
            VALUES (@Id, @Content, @Now, @DueAt, 0, @SentAt)
            """, new { id, Content = goesOut ? content : null, now, DueAt = goesOut ? now : (DateTimeOffset?)null, SentAt = goesOut ? (DateTimeOffset?)null : now });
        if (goesOut) tx.AfterCommit(() => _posted.Writer.TryWrite(true));
    }

    /// Nothing that waits goes to this address any more. Who is to get what is encrypted too, so each is opened: few wait at any time.
    public async Task Withdraw(Transaction tx, string to)
    {
        var waiting = await tx.Query<(Guid Id, byte[] Content)>(
            """
            SELECT id, content
            FROM letters
            WHERE due_at IS NOT NULL
            """);
        foreach (var (id, content) in waiting)
        {
            if ((await Open(id, content, tx.CancellationToken)).To.Equals(to, StringComparison.OrdinalIgnoreCase)) await tx.Execute("DELETE FROM letters WHERE id = @Id", new { id });
        }
    }

    public async Task<Letter> Open(Guid id, byte[] content, CancellationToken ct) =>
        JsonSerializer.Deserialize<Letter>((await Fields(ct)).Decrypt(Field, id, content))!;

    /// Until something is posted in this process, or `patience` is over: other processes post too.
    public async Task WaitForPost(TimeSpan patience, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        over.CancelAfter(patience);
        try
        {
            await _posted.Reader.ReadAsync(over.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Nothing came: look anyway.
        }
    }

    private async ValueTask<PersonFields> Fields(CancellationToken ct) => _fields ??= await Read(ct);

    private async Task<PersonFields> Read(CancellationToken ct)
    {
        try
        {
            return await encryption.Of(db.Global(), Owner, ct);
        }
        catch (EncryptionException e) when (e.Problem == EncryptionProblem.Erased)
        {
            // The first letter of all. Not in its own transaction: the secret has to stay when that is rolled back.
            return await db.Global().InTransaction(tx => encryption.Of(tx, Owner), ct);
        }
    }
}

internal static class Mailing
{
    /// What the migrate run needs too, which posts but does not send.
    public static void AddLetters(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Letters>();
        builder.Services.AddSingleton<MailServer>();
        builder.Services.AddHostedService<SendLetters>();
    }
}
