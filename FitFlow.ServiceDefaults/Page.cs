using System.Security.Cryptography;
using System.Text.Json;
using FitFlow.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.ServiceDefaults;

/// <summary>A page of a list, and where the next one begins; null ends the list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, string? NextCursor);

/// <summary>
/// Lists by pages, each of which begins behind the last id of the one before. The cursor names that id and is bound to the filters that it came
/// with: handed back with others it is refused, instead of leaving out what it should show.
/// </summary>
public sealed class Paging
{
    private const int IdSize = 16, FilterSize = 8;

    public const int DefaultSize = 50, MaxSize = 200;

    private readonly byte[] _filters;

    private Paging(int size, byte[] filters, Guid? after) => (Size, _filters, After) = (size, filters, after);

    /// <summary>How many rows the page has at most.</summary>
    public int Size { get; }

    /// <summary>How many rows to ask for: the one beyond the page tells whether there is another.</summary>
    public int Rows => Size + 1;

    /// <summary>The last id of the page before; null on the first page.</summary>
    public Guid? After { get; }

    /// <summary>The paging that the request asks for, or null when the cursor was not made by a request with these filters.</summary>
    public static Paging? Read(string? cursor, int? size, params object?[] filters)
    {
        var bound = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(filters, Json.Options))[..FilterSize];
        var rows = size ?? DefaultSize;
        if (cursor is null) return new Paging(rows, bound, after: null);

        return Base64Url.TryDecode(cursor, out var bytes) && bytes.Length == IdSize + FilterSize && bytes.AsSpan(IdSize).SequenceEqual(bound)
            ? new Paging(rows, bound, new Guid(bytes.AsSpan(0, IdSize), bigEndian: true))
            : null;
    }

    /// <summary>400: what to answer when there is no such paging.</summary>
    public static ProblemHttpResult WrongCursor() => Problems.Invalid("cursor", "was not made by this query");

    /// <summary>Of the rows that were found, the page.</summary>
    public Page<T> Of<T>(IReadOnlyList<T> rows, Func<T, Guid> id) => rows.Count <= Size
        ? new Page<T>(rows, NextCursor: null)
        : new Page<T>([.. rows.Take(Size)], CursorAfter(id(rows[Size - 1])));

    private string CursorAfter(Guid last) => Base64Url.Encode([.. last.ToByteArray(bigEndian: true), .. _filters]);
}
