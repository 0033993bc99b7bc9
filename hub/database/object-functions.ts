/**
 * Putting and removing an object as functions of the database: each is one way there and back instead of six, and the rows
 * that others wait for are locked for as long as a statement takes. Called by storage/sql-objects.ts, which knows the
 * SQLSTATEs; a change goes into a new step of schema.ts.
 */
export const objectFunctions: readonly string[] = [
  // The row of the device is locked from its update on: a removal is either seen, or waits and comes after.
  `CREATE FUNCTION hub_put(
    p_circle text, p_name text, p_size bigint, p_signer text, p_carrier text, p_at bigint, p_bytes bytea, p_large text,
    p_device_bytes bigint, p_device_objects bigint, p_circle_bytes bigint, p_channel text, p_notice text
  ) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    device devices;
    circle_bytes bigint;
  BEGIN
    INSERT INTO objects (circle, name, size, signer, carrier, put_at, bytes, large)
      VALUES (p_circle, p_name, p_size, p_signer, p_carrier, p_at, p_bytes, p_large) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RAISE EXCEPTION 'present' USING ERRCODE = 'HB001'; END IF;
    UPDATE devices d SET bytes = d.bytes + p_size, objects = d.objects + 1
      WHERE d.circle = p_circle AND d.replica = p_carrier RETURNING d.* INTO device;
    IF NOT FOUND OR device.removed_at IS NOT NULL THEN RAISE EXCEPTION 'not admitted' USING ERRCODE = 'HB002'; END IF;
    IF device.bytes > p_device_bytes OR device.objects > p_device_objects THEN
      RAISE EXCEPTION 'device full' USING ERRCODE = 'HB003';
    END IF;
    UPDATE circles c SET bytes = c.bytes + p_size, objects = c.objects + 1, used_at = p_at
      WHERE c.id = p_circle RETURNING c.bytes INTO circle_bytes;
    IF circle_bytes > p_circle_bytes THEN RAISE EXCEPTION 'circle full' USING ERRCODE = 'HB004'; END IF;
    IF p_notice IS NOT NULL THEN PERFORM pg_notify(p_channel, p_notice); END IF;
  END $$`,
  // In the order of hub_put, so that the two never wait for each other.
  `CREATE FUNCTION hub_remove(p_circle text, p_name text, OUT was_there boolean, OUT large text) LANGUAGE plpgsql AS $$
  DECLARE
    gone objects;
  BEGIN
    DELETE FROM objects o WHERE o.circle = p_circle AND o.name = p_name RETURNING o.* INTO gone;
    was_there := gone.name IS NOT NULL;
    large := gone.large;
    IF NOT was_there THEN RETURN; END IF;
    UPDATE devices d SET bytes = d.bytes - gone.size, objects = d.objects - 1
      WHERE d.circle = p_circle AND d.replica = gone.carrier;
    UPDATE circles c SET bytes = c.bytes - gone.size, objects = c.objects - 1 WHERE c.id = p_circle;
  END $$`,
];
