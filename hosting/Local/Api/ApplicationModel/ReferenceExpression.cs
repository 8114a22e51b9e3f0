using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using FitFlow.Hosting.Local.Manifest;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with values in it: known when the application runs, place holders in the manifest.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>No text at all.</summary>
    public static readonly ReferenceExpression Empty = new("", [], []);

    private ReferenceExpression(string format, IReadOnlyList<IValueProvider> providers, IReadOnlyList<string?> stringFormats)
    {
        Format = format;
        ValueProviders = providers;
        StringFormats = stringFormats;
    }

    private ReferenceExpression(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
        : this("", [.. whenTrue.ValueProviders, .. whenFalse.ValueProviders], [])
    {
        (Condition, MatchValue, WhenTrue, WhenFalse) = (condition, matchValue, whenTrue, whenFalse);
        Name = ConditionalName.Of(condition, matchValue, whenTrue, whenFalse);
    }

    /// <summary>The text, with {0} for the first value.</summary>
    public string Format { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>How each value is written; "uri" escapes it.</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <summary>The place holders of the values.</summary>
    public IReadOnlyList<string> ManifestExpressions =>
        IsConditional ? [] : [.. ValueProviders.Select(p => ((IManifestExpressionProvider)p).ValueExpression)];

    /// <summary>Whether it is one of two texts, by a condition.</summary>
    public bool IsConditional => Condition is not null;

    /// <summary>What decides.</summary>
    public IValueProvider? Condition { get; }

    /// <summary>The condition's value for which the first text is taken.</summary>
    public string? MatchValue { get; }

    /// <summary>The first text.</summary>
    public ReferenceExpression? WhenTrue { get; }

    /// <summary>The second text.</summary>
    public ReferenceExpression? WhenFalse { get; }

    internal string? Name { get; }

    /// <inheritdoc/>
    public string ValueExpression =>
        IsConditional ? $"{{{Name}.connectionString}}" : string.Format(CultureInfo.InvariantCulture, Format, [.. ManifestExpressions]);

    IEnumerable<object> IValueWithReferences.References => IsConditional
        ? [Condition!, .. (Condition as IValueWithReferences)?.References ?? [], .. ((IValueWithReferences)WhenTrue!).References, .. ((IValueWithReferences)WhenFalse!).References]
        : ValueProviders;

    /// <summary>Puts an interpolated text together.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    /// <summary>One of two texts, by the value of a condition.</summary>
    public static ReferenceExpression CreateConditional(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse) =>
        new(condition, matchValue, whenTrue, whenFalse);

    /// <inheritdoc/>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        if (IsConditional)
        {
            var matches = string.Equals(await Condition!.GetValueAsync(cancellationToken), MatchValue, StringComparison.OrdinalIgnoreCase);
            return await (matches ? WhenTrue! : WhenFalse!).GetValueAsync(cancellationToken);
        }

        if (Format.Length == 0) return null;
        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(cancellationToken);
            values[i] = value is not null && StringFormats[i] is { } format ? ValueFormat.Apply(value, format) : value;
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    internal static ReferenceExpression From(string format, IReadOnlyList<IValueProvider> providers, IReadOnlyList<string?> stringFormats) =>
        new(format, providers, stringFormats);

    /// <summary>What the compiler makes of $"…" here.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _parts = new();

        /// <summary>Called by the compiler.</summary>
        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
        {
        }

        /// <summary>Text between the values.</summary>
        public readonly void AppendLiteral(string value) => _parts.AppendLiteral(value);

        /// <summary>A text as a value.</summary>
        public readonly void AppendFormatted(string? value) => _parts.AppendFormatted(value);

        /// <summary>A text as a value, written in a format.</summary>
        public readonly void AppendFormatted(string? value, string? format = null) => _parts.AppendFormatted(value, format);

        /// <summary>A value.</summary>
        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => _parts.AppendFormatted(valueProvider);

        /// <summary>A value, written in a format.</summary>
        public void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider => _parts.AppendFormatted(valueProvider, format);

        /// <summary>A resource as a value.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider => _parts.AppendFormatted(valueProvider.Resource);

        /// <summary>A resource as a value, written in a format.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null) where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _parts.AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression GetExpression() => _parts.Build();
    }
}

/// <summary>Puts a text together from literals and values.</summary>
public class ReferenceExpressionBuilder
{
    private readonly StringBuilder _format = new();
    private readonly List<IValueProvider> _providers = [];
    private readonly List<string?> _stringFormats = [];

    /// <summary>Whether nothing has been appended.</summary>
    public bool IsEmpty => _format.Length == 0;

    /// <summary>Appends an interpolated text.</summary>
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
        // The handler has written into this builder already.
    }

    /// <summary>Appends text. Braces are text here, unless they are doubled already.</summary>
    public void AppendLiteral(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            _format.Append(c);
            if (c is not ('{' or '}')) continue;
            _format.Append(c);
            if (i + 1 < value.Length && value[i + 1] == c) i++;
        }
    }

    /// <summary>Appends a text as a value.</summary>
    public void AppendFormatted(string? value) => AppendFormatted(value, null);

    /// <summary>Appends a text as a value, written in a format.</summary>
    public void AppendFormatted(string? value, string? format = null)
    {
        if (value is null) return;
        _format.Append((format is null ? value : ValueFormat.Apply(value, format)).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
    }

    /// <summary>Appends a value.</summary>
    public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, null);

    /// <summary>Appends a value, written in a format.</summary>
    public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider
    {
        // A text that holds no values is a literal by now, and is escaped as one.
        if (valueProvider is ReferenceExpression { IsConditional: false, ValueProviders.Count: 0 } text)
        {
            AppendFormatted(string.Format(CultureInfo.InvariantCulture, text.Format, []), format);
            return;
        }

        _format.Append('{').Append(_providers.Count).Append('}');
        _providers.Add(valueProvider);
        _stringFormats.Add(format);
    }

    /// <summary>The whole.</summary>
    public ReferenceExpression Build() => ReferenceExpression.From(_format.ToString(), [.. _providers], [.. _stringFormats]);

    /// <summary>What the compiler makes of $"…" here.</summary>
    [InterpolatedStringHandler]
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder _builder;

        /// <summary>Called by the compiler.</summary>
        public ReferenceExpressionBuilderInterpolatedStringHandler(int literalLength, int formattedCount, ReferenceExpressionBuilder builder) => _builder = builder;

        /// <summary>Text between the values.</summary>
        public readonly void AppendLiteral(string value) => _builder.AppendLiteral(value);

        /// <summary>A text as a value.</summary>
        public readonly void AppendFormatted(string? value) => _builder.AppendFormatted(value);

        /// <summary>A text as a value, written in a format.</summary>
        public void AppendFormatted(string? value, string format) => _builder.AppendFormatted(value, format);

        /// <summary>A value.</summary>
        public void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider);

        /// <summary>A value, written in a format.</summary>
        public void AppendFormatted<T>(T valueProvider, string? format) where T : IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider, format);

        /// <summary>A resource as a value.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider => _builder.AppendFormatted(valueProvider.Resource);

        /// <summary>A resource as a value, written in a format.</summary>
        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format) where T : IResource, IValueProvider, IManifestExpressionProvider =>
            _builder.AppendFormatted(valueProvider.Resource, format);
    }
}

internal static class ValueFormat
{
    public static string Apply(string value, string format) => format.ToLowerInvariant() switch
    {
        "uri" => Uri.EscapeDataString(value),
        _ => throw new FormatException($"There is no format '{format}' for values; 'uri' is the only one."),
    };
}
