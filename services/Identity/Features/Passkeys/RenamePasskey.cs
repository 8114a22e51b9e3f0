using System.ComponentModel.DataAnnotations;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Passkeys;

internal static class RenamePasskey
{
    public sealed record Request([Required, StringLength(Passkey.MaxName)] string Name);

    public static async Task<Results<Ok<Passkey>, ProblemHttpResult>> Handle(Guid id, Request request, Caller caller, Db db, CancellationToken ct)
    {
        await db.Global().Execute(
            """
            UPDATE passkeys
            SET name = @Name
            WHERE id = @Id AND user_id = @Person
            """, new { id, Person = caller.Id, Name = request.Name.Trim() }, ct);

        var passkeys = await Passkey.Of(db, caller.Id, ct);
        return passkeys.FirstOrDefault(passkey => passkey.Id == id) is { } renamed ? TypedResults.Ok(renamed) : Problems.NotFound("passkeys.unknown");
    }
}
