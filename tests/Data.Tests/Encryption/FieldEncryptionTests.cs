using FitFlow.Data.Encryption;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitFlow.Data.Tests.Encryption;

public sealed class FieldEncryptionTests(FieldEncryptionTests.Schema databases) : IClassFixture<FieldEncryptionTests.Schema>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly SetClock _clock = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public sealed class Schema() : Databases(
        """
        CREATE TABLE contacts_rows (
          tenant_id BINARY(16) NOT NULL,
          id        BINARY(16) NOT NULL,
          person_id BINARY(16) NOT NULL,
          phone     VARBINARY(200) NULL,
          PRIMARY KEY (tenant_id, id)
        );
        CREATE TABLE notes_rows (
          owner_id BINARY(16) NOT NULL,
          id       BINARY(16) NOT NULL,
          phone    VARBINARY(200) NULL,
          PRIMARY KEY (owner_id, id)
        );
        CREATE TABLE users (
          id    BINARY(16) NOT NULL PRIMARY KEY,
          phone VARBINARY(200) NULL
        );
        """);

    [Theory, OnEveryEngine]
    public async Task APersonsKeyIsMadeOnceAndErasedForGood(Engine engine)
    {
        var db = databases[engine].Db;
        var encryption = new FieldEncryption(KeyRings.Of(_clock, (1, 1)), _clock);
        var (person, row) = (NewId(), NewId());

        await Assert.ThrowsAsync<EncryptionException>(() => encryption.Of(db.Global(), person, None));
        var ciphertext = (await Write(db, encryption, person)).Encrypt("users.phone", row, "112");
        Assert.Equal("112", (await Write(db, encryption, person)).Decrypt("users.phone", row, ciphertext));
        Assert.Equal("112", (await encryption.Of(db.Global(), person, None)).Decrypt("users.phone", row, ciphertext));
        Assert.Equal(EncryptionProblem.Tampered, Assert.Throws<EncryptionException>(() => Write(db, encryption, NewId()).Result.Decrypt("users.phone", row, ciphertext)).Problem);

        await db.Global().InTransaction(tx => encryption.Erase(tx, person), None);
        Assert.Equal(EncryptionProblem.Erased, (await Assert.ThrowsAsync<EncryptionException>(() => encryption.Of(db.Global(), person, None))).Problem);
        Assert.Equal(EncryptionProblem.Erased, (await Assert.ThrowsAsync<EncryptionException>(() => Write(db, encryption, person))).Problem);
    }

    [Theory, OnEveryEngine]
    public async Task TwentyAtOnceGetTheSameKey(Engine engine)
    {
        var db = databases[engine].Db;
        var encryption = new FieldEncryption(KeyRings.Of(_clock, (1, 1)), _clock);
        var (person, row) = (NewId(), NewId());
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Write(db, encryption, person)));

        var ciphertext = all[0].Encrypt("users.phone", row, "112");
        Assert.All(all, fields => Assert.Equal("112", fields.Decrypt("users.phone", row, ciphertext)));
    }

    [Theory]
    [InlineData(Engine.MySql, RowsOf.Tenant)]
    [InlineData(Engine.MySql, RowsOf.Person)]
    [InlineData(Engine.MySql, RowsOf.Nobody)]
    [InlineData(Engine.MariaDb, RowsOf.Tenant)]
    [InlineData(Engine.MariaDb, RowsOf.Person)]
    [InlineData(Engine.MariaDb, RowsOf.Nobody)]
    public async Task EverythingIsReencryptedUnderTheNewKeysOnce(Engine engine, RowsOf rowsOf)
    {
        var db = databases[engine].Db;
        var old = new FieldEncryption(KeyRings.Of(_clock, (1, 1)), _clock);
        var column = rowsOf switch
        {
            RowsOf.Tenant => new EncryptedColumn("contacts", "phone", "person_id", rowsOf),
            RowsOf.Person => new EncryptedColumn("notes", "phone", "owner_id", rowsOf),
            _ => new EncryptedColumn("users", "phone", "id", rowsOf),
        };
        var field = $"{column.Table}.phone";
        var studio = NewId();
        var people = Enumerable.Range(0, 220).Select(_ => NewId()).ToArray();
        await db.ForTenant(studio).InTransaction(async tx =>
        {
            foreach (var person in people)
            {
                var phone = person == people[3] ? null : (await old.Of(tx, person)).Encrypt(field, person, $"phone {person}");
                if (person == people[7]) phone![^1] ^= 1;
                await tx.ForPerson(person).Execute(
                    rowsOf switch
                    {
                        RowsOf.Tenant => "INSERT INTO contacts (tenant_id, id, person_id, phone) VALUES (@Studio, @Person, @Person, @Phone)",
                        RowsOf.Person => "INSERT INTO notes (owner_id, id, phone) VALUES (@Person, @Person, @Phone)",
                        _ => "INSERT INTO users (id, phone) VALUES (@Person, @Phone)",
                    }, new { Studio = studio, Person = person, Phone = phone });
            }
        }, None);
        await db.Global().InTransaction(tx => old.Erase(tx, people[5]), None);
        _clock.Now = _clock.Now.AddMonths(1);
        var rotated = new FieldEncryption(KeyRings.Of(_clock, (1, 1), (2, 2)), _clock);
        var pages = new List<ReencryptedPage>();
        await foreach (var page in rotated.Reencrypt(db, column, NullLogger.Instance, None)) pages.Add(page);

        // One has no phone, one is erased, one was tampered with and holds nobody up.
        Assert.Equal((217, 1), (pages.Sum(page => page.Done), pages.Sum(page => page.Unreadable)));
        Assert.True(pages.Count > 1);
        await foreach (var page in rotated.Reencrypt(db, column, NullLogger.Instance, None)) Assert.Equal(new ReencryptedPage(0, 1), page);

        // The old master key can go.
        var renewed = new FieldEncryption(KeyRings.Of(_clock, (2, 2)), _clock);
        foreach (var person in people.Where(one => one != people[3] && one != people[5] && one != people[7]).Take(20))
        {
            var value = await Scope(person).QueryOne<byte[]>(
                rowsOf switch
                {
                    RowsOf.Tenant => "SELECT phone FROM contacts WHERE id = @Id",
                    RowsOf.Person => "SELECT phone FROM notes WHERE id = @Id",
                    _ => "SELECT phone FROM users WHERE id = @Id",
                }, new { Id = person }, None);
            Assert.Equal($"phone {person}", (await renewed.Of(db.Global(), person, None)).Decrypt(field, person, value!));
        }

        DbScope Scope(Guid person) => rowsOf switch
        {
            RowsOf.Tenant => db.ForTenant(studio),
            RowsOf.Person => db.ForPerson(person),
            _ => db.Global(),
        };
    }

    private static Task<PersonFields> Write(Db db, FieldEncryption encryption, Guid person) =>
        db.Global().InTransaction(tx => encryption.Of(tx, person), None);
}
