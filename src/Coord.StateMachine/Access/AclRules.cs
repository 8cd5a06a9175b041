using System.Buffers;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>Checks and normalises the ACL list of a create or setACL (zookeeper-protocol 8.3).</summary>
internal static class AclRules
{
    /// <summary>
    /// Distinct entries of one list: each check goes through them, and no step of the loop may take long. A list in a
    /// frame of ZooKeeper's size could have sixty thousand.
    /// </summary>
    public const int EntriesMax = 256;

    private static ReadOnlySpan<byte> Anyone => "anyone"u8;

    /// <summary>
    /// The number of the list with a hold on it, or false when the list is invalid. Duplicates are dropped and
    /// <c>auth</c> is replaced by the caller's identities.
    /// </summary>
    public static bool TryHold(AclTable acls, ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> identities, out int acl)
    {
        // What is kept was found valid and normal before.
        if (acls.TryHoldKnown(encoded, out acl))
            return true;

        var normal = new ArrayBufferWriter<byte>(encoded.Length);
        if (!TryNormalize(acls, encoded, identities, normal))
            return false;
        acl = acls.Hold(normal.WrittenSpan);
        return true;
    }

    private static bool TryNormalize(
        AclTable acls, ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> identities, ArrayBufferWriter<byte> output)
    {
        var entries = new OrderedDictionary<byte[], bool>(acls.Comparer);
        var reader = new JuteReader(encoded);
        if (!reader.TryReadVectorCount(out int count) || count <= 0)
            return false;

        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadInt32(out int permissions)
                || !reader.TryReadBuffer(out var scheme, out bool isSchemeNull) || isSchemeNull
                || !reader.TryReadBuffer(out var id, out bool isIdNull))
                return false;

            if (scheme.SequenceEqual("auth"u8))
            {
                if (!TryExpand(permissions, identities, entries))
                    return false;
            }
            else if (isIdNull || !IsValid(scheme, id))
            {
                return false;
            }
            else
            {
                AddOnce(entries, permissions, scheme, id);
            }

            if (entries.Count > EntriesMax)
                return false;
        }

        Write(entries.Keys, output);
        return true;
    }

    // kazoo sends null as the id of scheme auth: it is not looked at.
    private static bool TryExpand(
        int permissions, ReadOnlySpan<byte> identities, OrderedDictionary<byte[], bool> entries)
    {
        var reader = new JuteReader(identities);
        if (!reader.TryReadVectorCount(out int count))
            return false;

        bool isAny = false;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadBuffer(out var scheme, out _) || !reader.TryReadBuffer(out var id, out _))
                return false;
            if (scheme.SequenceEqual("digest"u8) || scheme.SequenceEqual("sasl"u8) || scheme.SequenceEqual("x509"u8))
            {
                AddOnce(entries, permissions, scheme, id);
                isAny = true;
            }
        }

        return isAny;
    }

    private static bool IsValid(ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> id)
    {
        if (scheme.SequenceEqual("world"u8))
            return id.SequenceEqual(Anyone);
        if (scheme.SequenceEqual("digest"u8))
            return IsUserAndHash(id);
        if (scheme.SequenceEqual("ip"u8))
            return IpPattern.IsValid(id);
        return id.Length > 0 && (scheme.SequenceEqual("sasl"u8) || scheme.SequenceEqual("x509"u8));
    }

    // Exactly two parts, of which the second is not empty.
    private static bool IsUserAndHash(ReadOnlySpan<byte> id)
    {
        int colon = id.IndexOf((byte)':');
        return colon >= 0 && colon < id.Length - 1 && id[(colon + 1)..].IndexOf((byte)':') < 0;
    }

    private static void AddOnce(
        OrderedDictionary<byte[], bool> entries, int permissions, ReadOnlySpan<byte> scheme, ReadOnlySpan<byte> id)
    {
        var output = new ArrayBufferWriter<byte>(scheme.Length + id.Length + (3 * sizeof(int)));
        var writer = new JuteWriter(output);
        writer.WriteInt32(permissions);
        writer.WriteBuffer(scheme);
        writer.WriteBuffer(id);
        writer.Complete();
        entries.TryAdd(output.WrittenSpan.ToArray(), true);
    }

    private static void Write(OrderedDictionary<byte[], bool>.KeyCollection entries, ArrayBufferWriter<byte> output)
    {
        var writer = new JuteWriter(output);
        writer.WriteVectorCount(entries.Count);
        writer.Complete();
        foreach (byte[] entry in entries)
            output.Write(entry);
    }
}
