using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace FitFlow.Hosting.Local.Manifest;

/// <summary>
/// Aspire names a conditional text by its condition and an xxHash32 of its parts; the manifest must hold the same name.
/// The framework has no xxHash32 of its own.
/// </summary>
internal static class ConditionalName
{
    private const uint Prime1 = 2654435761, Prime2 = 2246822519, Prime3 = 3266489917, Prime4 = 668265263, Prime5 = 374761393;

    public static string Of(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
    {
        var expression = (condition as IManifestExpressionProvider)?.ValueExpression;
        var readable = string.Join('-', (expression ?? "expr").ToLowerInvariant().Split(['{', '}', '.', '-', '_', ' ', ':'], StringSplitOptions.RemoveEmptyEntries));
        var hash = XxHash32(Encoding.UTF8.GetBytes((expression ?? condition.GetType().Name) + whenTrue.ValueExpression + whenFalse.ValueExpression + matchValue));
        return $"cond-{readable}-{hash:x8}";
    }

    internal static uint XxHash32(ReadOnlySpan<byte> data)
    {
        var length = (uint)data.Length;
        uint hash;
        if (data.Length >= 16)
        {
            uint a = unchecked(Prime1 + Prime2), b = Prime2, c = 0, d = unchecked(0u - Prime1);
            while (data.Length >= 16)
            {
                a = Round(a, data);
                b = Round(b, data[4..]);
                c = Round(c, data[8..]);
                d = Round(d, data[12..]);
                data = data[16..];
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
        }
        else
        {
            hash = Prime5;
        }

        hash += length;
        for (; data.Length >= 4; data = data[4..])
            hash = BitOperations.RotateLeft(hash + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime3), 17) * Prime4;
        foreach (var b in data)
            hash = BitOperations.RotateLeft(hash + (b * Prime5), 11) * Prime1;

        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }

    private static uint Round(uint accumulator, ReadOnlySpan<byte> data) =>
        BitOperations.RotateLeft(accumulator + (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime2), 13) * Prime1;
}
