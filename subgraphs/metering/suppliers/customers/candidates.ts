import { mayDo } from '../../../runtime/reach.js';

/** Those whom the caller oversees, or is: a supplier is proposed nothing about its customers. */
const OVERSEEN = mayDo('supplies', 'read', { marks: { energyKind: 'left(energy_item, 2)' } });

/**
 * Supplies that no link says anything of (`$1` the prefix of an area, `$2` their supplier), with meters of the same
 * energy that bear the number of the supplier's meter. A number that two meters bear is proposed for both.
 */
export const CANDIDATES = `
  with unlinked as (
    select distinct supplier, customer, energy_item, supplier_meter, area from metering.supply
    where superseded_at is null and subject is null and supplier_meter is not null and ${OVERSEEN}
      and starts_with(area, $1) and ($2::text is null or supplier = $2)
  ), named as (
    select id, id as number, 'METER_ID' as by, 1 as place from metering.meter
    union all
    select id, external_value, 'EXTERNAL_VALUE', 2 from metering.meter where external_value is not null
    union all
    select meter, serial_number, 'SERIAL_NUMBER', 3 from metering.device where removed_at is null
    union all
    select id, name, 'NAME', 4 from metering.meter
  ), agreeing as (
    select distinct on (unlinked.supplier, customer, unlinked.energy_item, supplier_meter, meter.id)
      unlinked.supplier, customer, unlinked.energy_item as "energyItem", supplier_meter as "supplierMeter",
      meter.id as "meterId", meter.name as "meterName", named.by, meter.subject, meter.area
    from unlinked join named on named.number = supplier_meter
    join metering.meter on meter.id = named.id and left(meter.energy_item, 2) = left(unlinked.energy_item, 2)
      and (starts_with(meter.area, case unlinked.area when '100000' then '' else regexp_replace(unlinked.area, '(00)+$', '') end))
    order by 1, 2, 3, 4, 5, named.place
  )
  select * from agreeing
  where $4::text is null or (supplier, customer, "energyItem", "supplierMeter", "meterId") > ($4, $5, $6, $7, $8)
  order by supplier, customer, "energyItem", "supplierMeter", "meterId" limit $3`;
