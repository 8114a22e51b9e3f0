namespace FitFlow.Identity.Features.Studios;

/// Where a studio pays its taxes: ISO 3166-2, the provinces and territories of Canada, the states of the USA and its capital.
internal static class TaxRegions
{
    private static readonly HashSet<string> Known =
    [
        .. "AB BC MB NB NL NS NT NU ON PE QC SK YT".Split(' ').Select(province => $"CA-{province}"),
        .. ("AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT "
            + "VT VA WA WV WI WY").Split(' ').Select(state => $"US-{state}"),
    ];

    public static bool Contains(string region) => Known.Contains(region);
}
