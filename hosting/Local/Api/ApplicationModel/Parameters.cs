using System.Security.Cryptography;
using System.Text.Json;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is set from outside, or generated once.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;

    /// <summary>Names the parameter and says how to get its value.</summary>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : base(name)
    {
        _value = new Lazy<string>(() => callback(Default));
        Secret = secret;
    }

    /// <summary>Whether it must not be shown.</summary>
    public bool Secret { get; }

    /// <summary>What it is when nothing is set.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>Whether it is a connection string.</summary>
    public bool IsConnectionString { get; set; }

    /// <inheritdoc/>
    public string ValueExpression => IsConnectionString ? $"{{{Name}.connectionString}}" : $"{{{Name}.value}}";

    internal string ValueInternal => _value.Value;

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(_value.Value);
}

/// <summary>What a parameter is when nothing is set.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();

    internal abstract void Write(Utf8JsonWriter writer);
}

/// <summary>A random text.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerCharacters = "abcdefghjkmnpqrstuvwxyz", UpperCharacters = "ABCDEFGHJKMNPQRSTUVWXYZ", NumericCharacters = "0123456789", SpecialCharacters = "-_.{}~()*+!";

    /// <summary>How long it is at least.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether it may hold lower case letters.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether it may hold upper case letters.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether it may hold digits.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether it may hold other characters.</summary>
    public bool Special { get; set; } = true;

    /// <summary>How many lower case letters it holds at least.</summary>
    public int MinLower { get; set; }

    /// <summary>How many upper case letters it holds at least.</summary>
    public int MinUpper { get; set; }

    /// <summary>How many digits it holds at least.</summary>
    public int MinNumeric { get; set; }

    /// <summary>How many other characters it holds at least.</summary>
    public int MinSpecial { get; set; }

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        (bool Allowed, int Least, string Characters)[] kinds =
            [(Lower, MinLower, LowerCharacters), (Upper, MinUpper, UpperCharacters), (Numeric, MinNumeric, NumericCharacters), (Special, MinSpecial, SpecialCharacters)];
        var all = string.Concat(kinds.Where(k => k.Allowed).Select(k => k.Characters));
        if (all.Length == 0 || kinds.Any(k => !k.Allowed && k.Least > 0))
            throw new InvalidOperationException("A generated parameter must allow the characters that it asks for.");

        var least = kinds.SelectMany(k => RandomNumberGenerator.GetItems<char>(k.Characters, k.Least)).ToArray();
        char[] value = [.. least, .. RandomNumberGenerator.GetItems<char>(all, Math.Max(0, MinLength - least.Length))];
        RandomNumberGenerator.Shuffle<char>(value);
        return new string(value);
    }

    internal override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("generate");
        writer.WriteNumber("minLength", MinLength);
        foreach (var (name, allowed) in new[] { ("lower", Lower), ("upper", Upper), ("numeric", Numeric), ("special", Special) })
            if (!allowed) writer.WriteBoolean(name, false);
        foreach (var (name, least) in new[] { ("minLower", MinLower), ("minUpper", MinUpper), ("minNumeric", MinNumeric), ("minSpecial", MinSpecial) })
            if (least > 0) writer.WriteNumber(name, least);
        writer.WriteEndObject();
    }
}

internal sealed class ConstantParameterDefault(Func<string> value) : ParameterDefault
{
    public override string GetDefaultValue() => value();

    internal override void Write(Utf8JsonWriter writer) => writer.WriteString("value", value());
}

/// <summary>In run mode: the value that was generated once and is kept.</summary>
internal sealed class PersistedParameterDefault(ParameterDefault inner, Func<string> keptOrNew) : ParameterDefault
{
    public override string GetDefaultValue() => keptOrNew();

    internal override void Write(Utf8JsonWriter writer) => inner.Write(writer);
}
