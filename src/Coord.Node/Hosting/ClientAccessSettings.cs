using Coord.Node.Clients;

namespace Coord.Node.Hosting;

/// <summary>Reads who clients may be: the settings that ZooKeeper has for it, by its names.</summary>
internal static class ClientAccessSettings
{
    private const string X509SuperUser = "zookeeper:X509AuthenticationProvider.superUser";
    private const string EnforceAuth = "zookeeper:enforce.auth.enabled";
    private const string EnforcedSchemes = "zookeeper:enforce.auth.schemes";
    private const string EnsembleName = "zookeeper:ensembleAuthName";

    // What a connection can be known by. SASL is not offered, and ensemble makes no identity.
    private static readonly string[] Schemes =
        [SessionIdentities.Digest, SessionIdentities.Ip, SessionIdentities.X509];

    public static string[] Keys { get; } = [X509SuperUser, EnforceAuth, EnforcedSchemes, EnsembleName];

    /// <exception cref="SettingsException">A value is none of its kind, or one is missing.</exception>
    public static ClientAccess Read(SettingValues values, bool hasCertificates)
    {
        var access = new ClientAccess
        {
            X509SuperUser = NotEmpty(values, X509SuperUser),
            EnforcedSchemes = ReadEnforced(values),
            EnsembleNames = NotEmpty(values, EnsembleName) is { } names ? Split(names) : null,
        };
        const string Unknown =
            "nobody has a certificate: name clientTls's files, and leave ssl.clientAuth at want or need";
        if (!hasCertificates && access.X509SuperUser is not null)
            throw values.Wrong(X509SuperUser, Unknown);
        if (!hasCertificates && access.EnforcedSchemes is [SessionIdentities.X509])
            throw values.Wrong(EnforcedSchemes, Unknown);
        return access;
    }

    private static string[] ReadEnforced(SettingValues values)
    {
        var isEnforced = values.Flag(EnforceAuth) ?? false;
        var schemes = NotEmpty(values, EnforcedSchemes) is { } text ? Split(text) : [];
        foreach (var scheme in schemes)
        {
            if (!Schemes.Contains(scheme))
                throw values.Wrong(EnforcedSchemes, $"'{scheme}' is none of {string.Join(", ", Schemes)}");
        }

        if (isEnforced && schemes.Length == 0)
            throw values.Wrong(EnforcedSchemes, "name the schemes of which a client must show one, such as digest");
        return isEnforced ? schemes : [];
    }

    private static string? NotEmpty(SettingValues values, string key) =>
        values[key] is not { } text ? null
        : string.IsNullOrWhiteSpace(text) ? throw values.Wrong(key, "must not be empty")
        : text;

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
